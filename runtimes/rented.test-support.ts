import { expect } from "vitest"

/** The clouds with VMs. */
const withVms = ["fluence", "huddle", "lambda", "shadeform", "vast", "verda"]

const rent = (provider: string) => ({
  provider,
  ref: expect.stringMatching(new RegExp(`^${provider}/vm/.`)),
  ready: true,
  command: expect.stringMatching(/^ssh /),
  leftovers: [],
  changes: expect.toSatisfy(
    (changes: ReadonlyArray<string>) =>
      changes[0] === "appeared" &&
      changes.includes("status running") &&
      (changes.includes("vanished") || changes.includes("status terminated"))
  )
})

/**
 * What the program and the clouds say afterwards, wherever it ran: a machine of each cloud with VMs, seen to come, to run and to go.
 *
 * - An answer to a create was lost, and one to an end: nothing was made twice for it, and nothing is left.
 */
export const rented = {
  outcome: {
    compared: withVms,
    complete: true,
    rents: withVms.map(rent),
    reports: [expect.stringMatching(/^ *# {2}cloud {2}/), expect.stringMatching(/^rank,provider,kind,/)],
    left: 0,
    settled: true
  },
  truth: { made: withVms.length, alive: 0, lost: 2 }
}
