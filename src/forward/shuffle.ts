/** The items in random order, each order as likely (Fisher and Yates). `random` gives numbers in [0, 1). */
export function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  const rest = [...items]
  const shuffled: T[] = []
  while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(random() * rest.length), 1))
  return shuffled
}
