import type { LaunchSpec } from "@anygpu/core"
import { exist } from "../asserts.ts"
import { check, notApplicable, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { placesIn, putAt, valueAt } from "../odd.ts"
import { imageLogin, leakOf } from "../secrets.ts"

const test = suite("hostile answers")

/** What a terminal obeys: it moves the cursor, ends a line, and turns what follows. */
const unseen = "\u001b[2J\r\n\u009b31m\u202e\u200b"
const obeyed = /[\p{Cc}\p{Cf}]/u

/** 200,000 characters of words that look like secrets. */
const longSecret = (): { readonly text: string; readonly words: ReadonlyArray<string> } => {
  const words = Array.from({ length: 10_000 }, (_, at) => `zq${((at + 1) * 2_654_435_761) % 4_294_967_296}xk${at}`)
  return { text: words.join(" ").padEnd(200_000, " end"), words }
}

/** What an answer may do to its reader: nothing. */
export const hostileSuite: ReadonlyArray<Entry> = [
  test(
    "an end is asked for again soon, however long the cloud wants to be left alone",
    async (context) => {
      const { ref } = await context.ready()
      context.control("endsLimited")(2)
      const from = context.world.time.now()
      await context.ok(context.provider.terminate(ref))
      check(!context.truth(ref.id)?.alive, `${ref} exists after its end`)
      const minutes = (context.world.time.now() - from) / 60_000
      check(minutes < 15, `the end rested for ${minutes} minutes because the cloud said so`)
    },
    { needs: ["endsLimited"] }
  ),
  test(
    "a list whose pages have no end is left, and said not to be whole",
    async (context) => {
      await context.ready()
      const undo = context.control("endlessPages")()
      const { complete, problems } = await context.ok(context.provider.list())
      undo()
      check(!complete && problems.length > 0, "a list without an end is said to be whole")
    },
    { needs: ["endlessPages"] }
  ),
  test(
    "words of a refusal do nothing to the terminal that shows them",
    async (context) => {
      const spec = await context.spec()
      context.control("createEchoed")(unseen)
      const { message } = await context.fails(context.provider.launch(spec))
      check(!obeyed.test(message), `the error would be obeyed: ${show(message)}`)
    },
    { needs: ["createEchoed"], anyHabit: true }
  ),
  test(
    "a refused launch with 200,000 characters of secrets shows none of their words, and soon",
    async (context) => {
      const { text, words } = longSecret()
      const secrets = [...words.slice(0, 20), ...words.slice(-20)]
      const given: ReadonlyArray<Partial<LaunchSpec>> = [{ onStart: text }, { env: { SECRET: text } }].filter(
        (option) => Object.keys(option).every((name) => context.provider.launchOptions.has(name as "env" | "onStart"))
      )
      if (given.length === 0) return notApplicable("it takes neither a script nor variables")
      for (const option of given) {
        context.control("createEchoed")(" sent")
        // The processor's time: a busy computer takes longer for the same work.
        const from = process.cpuUsage()
        const error = await context.fails(context.provider.launch({ ...(await context.spec()), ...option }))
        const seconds = process.cpuUsage(from).user / 1_000_000
        check(error._tag !== "BadResponse", `the refusal was not understood: ${show(error)}`)
        const leak = leakOf(error, secrets)
        check(leak === null, `the error shows "${leak}" of what was secret`)
        check(seconds < 10, `it took the processor ${seconds} seconds`)
        exist(context, 0, "after a refused launch")
      }
    },
    { needs: ["createEchoed"], anyHabit: true }
  ),
  test(
    "a login and a token in the image that a cloud shows reach nobody",
    async (context) => {
      const { ref } = await context.ready()
      let places = 0
      const undo = context.control("alterMachine")(ref.id, (row) => {
        for (const path of placesIn(row)) {
          if (!/image/i.test(String(path.at(-1))) || typeof valueAt(row, path) !== "string") continue
          putAt(row, path, imageLogin.image)
          places++
        }
      })
      const shown = [await context.ok(context.provider.get(ref)), ...(await context.ok(context.provider.list()))]
      undo()
      if (places === 0) notApplicable("no row of this cloud's shows an image")
      const leak = leakOf(shown, imageLogin.secrets)
      check(leak === null, `a machine shows "${leak}" of its image`)
    },
    { needs: ["alterMachine"] }
  )
]
