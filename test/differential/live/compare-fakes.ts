import type { ControlPlane } from '../../control-plane/control-plane.ts'
import { ApiClient } from './api-client.ts'
import type { Form } from './api-client.ts'
import { SCRIPT } from './api-script.ts'
import type { StandIn } from './api-script.ts'
import { modelSubject, realSubject, smallSubject } from './api-subjects.ts'
import type { ApiSubject } from './api-subjects.ts'
import { ScriptPods } from './script-pods.ts'

/** What the model leaves to chance comes out in all ways in so many runs. */
const MODEL_SEEDS = 16

/** By the name of the step. */
type Transcript = ReadonlyMap<string, readonly string[]>

/**
 * Holds the servers that stand in for an API server in tests against the real one, step by step of a script: what a client
 * sees must be alike. Where the model leaves something to chance, what the real one does must be among what it may do.
 */
export async function compareFakes(
  plane: ControlPlane,
  say: (line: string) => void,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const [real, small, json, protobuf] = await Promise.all([
    runReal(plane),
    runScript(await smallSubject(), 'json', 'ApiServer'),
    runModel('json'),
    runModel('protobuf'),
  ])
  const results = [
    compare('ApiServer', real.json, [small], say),
    compare('ModelServer', real.json, json, say),
    compare('ModelServer', real.protobuf, protobuf, say),
  ]
  const passed = results.reduce((sum, { alike }) => sum + alike, 0)
  const failed = results.reduce((sum, { unlike }) => sum + unlike, 0)
  say(`Stand-ins held against the real API server: ${passed} steps alike, ${failed} unlike`)
  return { passed, failed }
}

/** One after the other: both want to find nothing. */
async function runReal(plane: ControlPlane): Promise<Readonly<Record<Form, Transcript>>> {
  const json = await runScript(realSubject(plane), 'json')
  return { json, protobuf: await runScript(realSubject(plane), 'protobuf', 'ModelServer') }
}

async function runModel(form: Form): Promise<readonly Transcript[]> {
  const transcripts: Transcript[] = []
  for (let seed = 1; seed <= MODEL_SEEDS; seed++)
    transcripts.push(await runScript(modelSubject(seed, form === 'protobuf'), form, 'ModelServer'))
  return transcripts
}

async function runScript(subject: ApiSubject, form: Form, standIn?: StandIn): Promise<Transcript> {
  const client = new ApiClient(subject, form)
  const pods = new ScriptPods(client)
  const transcript = new Map<string, readonly string[]>()
  try {
    for (const step of SCRIPT) {
      if (standIn !== undefined && step.notFor?.includes(standIn) === true) continue
      transcript.set(step.name, await step.run(client, pods))
    }
    return transcript
  } finally {
    client.close()
    await subject.close()
  }
}

function compare(
  standIn: StandIn,
  real: Transcript,
  fakes: readonly Transcript[],
  say: (line: string) => void,
) {
  const counts = { alike: 0, unlike: 0 }
  for (const { name, notFor = [] } of SCRIPT) {
    if (notFor.includes(standIn)) continue
    const wanted = (real.get(name) ?? []).join('\n')
    const possible = new Set(fakes.map((transcript) => (transcript.get(name) ?? []).join('\n')))
    if (possible.has(wanted)) {
      counts.alike++
      continue
    }
    counts.unlike++
    say(`${standIn}: ${name}\n  the real one\n${indented(wanted)}`)
    for (const one of [...possible].slice(0, 3)) say(`  the stand-in\n${indented(one)}`)
  }
  return counts
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
