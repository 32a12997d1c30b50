/** Runs a bench to its exit code. What it throws becomes one line on standard error and exit code 1. */
export async function runBench(bench: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await bench()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
