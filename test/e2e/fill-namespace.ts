import { headless, readyAt, slice } from './objects.ts'
import type { World } from './world.ts'

const AT_ONCE = 20

/** Makes headless Services `many-0` and so on, each with an endpoint 10.60.0.0, 10.60.0.1, … */
export async function fillNamespace(world: World, namespace: string, count: number): Promise<void> {
  const { client } = world.plane
  for (let from = 0; from < count; from += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index)
    await Promise.all(
      indexes.map(async (index) => {
        await client.create(headless(namespace, `many-${index}`))
        await client.create(
          slice(namespace, `many-${index}`, 'a', readyAt([`10.60.${index >> 8}.${index & 0xff}`])),
        )
      }),
    )
  }
}
