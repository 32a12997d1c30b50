import { check } from './cli/check.ts'
import { optimizeLate } from './cli/optimize-late.ts'
import { endEvenIfStuck, outliveOutput } from './cli/process-guard.ts'
import { query } from './cli/query.ts'
import { serve } from './cli/serve.ts'
import { keepYoungGenerationSmall } from './cli/small-heap.ts'

/** What `slicedns WORD …` can be, besides serving. */
const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = { check, query }

keepYoungGenerationSmall()
optimizeLate()
outliveOutput([process.stdout, process.stderr])
const [word = '', ...rest] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
process.exitCode = await (command === undefined ? serve(process.argv.slice(2)) : command(rest))
endEvenIfStuck()
