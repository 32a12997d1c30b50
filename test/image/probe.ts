import { waitFor } from '../control-plane/wait-for.ts'
import type { Container } from './container.ts'

/** What `dig` prints for a question such as `web.shop.svc.cluster.local +tcp`, asked within the container's network. */
export async function ask(container: Container, question: string, port = 53): Promise<string> {
  const fixed = ['-r', '@127.0.0.1', '-p', String(port), '+short', '+tries=1', '+time=2']
  const { stdout } = await container.within('dig', [...fixed, ...question.split(' ')])
  return stdout.trim()
}

/** The status of a page and its text; status 0 where nobody answers. */
export async function page(
  container: Container,
  portAndPath: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const program = `const reply = await fetch('http://127.0.0.1:${portAndPath}')
process.stdout.write(reply.status + ' ' + await reply.text())`
  const { code, stdout } = await container.within(process.execPath, ['--input-type=module', '-e', program])
  if (code !== 0) return { status: 0, text: '' }
  return { status: Number(stdout.slice(0, 3)), text: stdout.slice(4) }
}

/** Resolves when the name has an address. Throws an Error with the end of the log where it gets none. */
export async function waitForAnswer(container: Container, question: string, port = 53): Promise<void> {
  const check = async (): Promise<boolean> => /^[\d.]+$/.test(await ask(container, question, port))
  await waitFor(question, check, { limitMs: 20_000 }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${container.output().slice(-2000)}`, { cause: error })
  })
}
