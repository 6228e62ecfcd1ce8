import { mutants } from "@anygpu/conformance"
import type { Results } from "./results.ts"
import type { Caught } from "./suites.ts"
import { table, times } from "./table.ts"
import { bridgedKind, bridgedTitle } from "./world.ts"

const scoreText = ({ killed, tried }: Omit<Caught, "of">): string => `${killed} of ${tried}`

/** The part of the page on what the suites catch. */
export const brokenProviders = ({ suites }: Results): ReadonlyArray<string> => {
  const { ours, shared, theirsShared, own, theirsOwn, left, calls } = suites
  const sum = (number: (caught: Caught) => number) => ours.reduce((total, caught) => total + number(caught), 0)
  const all = { killed: sum(({ killed }) => killed), tried: sum(({ tried }) => tried) }
  const isWhole = ours.some(({ of, killed }) => of === bridgedKind && killed === mutants.length)
  if (!isWhole) throw new Error(`not every mutant of ${bridgedKind} was killed, so that those of both are not known`)
  const absent = Object.entries(left).map(([what, count]) => `${what} (${count})`)
  const entries = Object.entries(calls)
  const called = entries.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`)
  const uncalled = entries.filter(([, count]) => count === 0).map(([name]) => name)
  const uncaught = own.filter((name) => !theirsOwn.includes(name))
  return [
    "## Broken providers caught",
    `A mutant is a healthy provider with one thing broken. A suite kills it when it passes the healthy one and fails the mutant. Ours is run over the adapters of seven clouds, the other one over our adapter of ${bridgedTitle} behind its own interface: of ${mutants.length} mutants ${shared} break what that interface has as well.`,
    table(
      ["Broken", "`@anygpu/conformance`", "`@profullstack/sh1pt-core`", "Ratio", "`computesdk`"],
      [
        [
          `${bridgedKind}, in what both interfaces have`,
          ...[scoreText({ killed: shared, tried: shared }), scoreText({ killed: theirsShared.length, tried: shared })],
          ...[theirsShared.length > 0 ? times(shared / theirsShared.length) : "", "cannot"]
        ],
        [
          "in the terms of `@profullstack/sh1pt-core`",
          "",
          scoreText({ killed: theirsOwn.length, tried: own.length }),
          "",
          ""
        ],
        ...ours.map((caught) => [`${caught.of}, all that apply`, scoreText(caught), "", "", ""]),
        ["all that apply, of all clouds", scoreText(all), "", "", ""]
      ]
    ),
    [
      "- `computesdk` cannot be tried: its tests of providers, `@computesdk/test-utils`, are not found on npm.",
      `- What \`contractTestCloud\` of \`@profullstack/sh1pt-core\` killed of ours: ${theirsShared.join(", ") || "nothing"}.`,
      `- What has no counterpart there, and was not counted: ${absent.join("; ")}.`,
      `- In its own terms, which are our choice: killed are a provider that ${theirsOwn.join(", ")}; not killed is one that ${uncaught.join(", ")}.`,
      `- How often its tests call a healthy provider: ${called.join(", ")}; never ${uncalled.join(", ")}.`,
      "- Its test of `maxHourlyPrice` wants a dry run to succeed at any price, so that our provider behind its interface keeps the limit only where it rents."
    ].join("\n")
  ]
}
