import { expect } from "vitest"

const rent = (provider: string, end: string) => ({
  provider,
  ref: expect.stringMatching(new RegExp(`^${provider}/vm/.`)),
  ready: true,
  command: expect.stringMatching(/^ssh /),
  leftovers: [],
  changes: expect.toSatisfy(
    (changes: ReadonlyArray<string>) =>
      changes[0] === "appeared" && changes.includes("status running") && changes.includes(end)
  )
})

/**
 * What the program and the clouds say afterwards, wherever it ran: three machines, each seen to come, to run and to go.
 *
 * - One answer to a create was lost, and nothing was made twice for it.
 */
export const rented = {
  outcome: {
    compared: ["fluence", "huddle", "vast"],
    complete: true,
    rents: [rent("fluence", "status terminated"), rent("huddle", "status terminated"), rent("vast", "vanished")],
    reports: [expect.stringMatching(/^ *# {2}cloud {2}/), expect.stringMatching(/^rank,provider,kind,/)],
    left: 0,
    settled: true
  },
  truth: { made: 3, alive: 0, lost: 1 }
}
