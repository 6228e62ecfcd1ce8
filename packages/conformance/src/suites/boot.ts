import { type GpuError, type Instance, type InstanceRef, launchOptions, reachOf, waitUntilReady } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { exist } from "../asserts.ts"
import { check, fail, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("boot")
const outcomes = suite("outcomes")

const secret = "token-value-8d1f0c"
const wrongImage = "Error response from daemon: manifest for me/train:nope not found: manifest unknown"
const passing = 'Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout'

const say = async (context: TestContext, { id }: InstanceRef, words: string) => context.control("sayOfBoot")(id, words)

/** The machine, once the cloud's words about its boot show. */
const untilSaid = async (context: TestContext, ref: InstanceRef, part: string): Promise<Instance> => {
  const { pollEvery, bootWithin } = context.provider.timing
  const looks = Math.ceil(Duration.toMillis(bootWithin) / Duration.toMillis(pollEvery))
  for (let look = 0; look < looks; look++) {
    const instance = await context.get(ref)
    if (instance.said?.includes(part)) return instance
    await context.pass(Duration.toMillis(pollEvery))
  }
  return fail(`what the cloud said of ${ref}, "${part}", is not in the instance`)
}

/** What a wait for a machine ends with, which must be an error. */
const failureOf = async (context: TestContext, ref: InstanceRef): Promise<GpuError> => {
  const ended = await context.ok(Effect.result(waitUntilReady(context.provider, ref)))
  return ended._tag === "Failure" ? ended.failure : fail(`${ref} got ready, and the cloud said that it cannot`)
}

/** What a cloud says of a machine that is not up yet. */
export const bootSuite: ReadonlyArray<Entry> = [
  test(
    "the cloud's own words are in the machine, without values that may be secret",
    async (context) => {
      const { ref } = await context.launch()
      await say(context, ref, `still starting train-7 with -e HF_TOKEN=${secret}`)
      const { said } = await untilSaid(context, ref, "train-7")
      check(!said?.includes(secret), `${ref}: the cloud's words show the value of a variable`)
      check(said?.includes("HF_TOKEN="), `${ref}: the cloud's words lost more than the value of a variable`)
    },
    { needs: ["sayOfBoot"] }
  ),
  test(
    "a wrong image ends the wait soon, in the cloud's words, and is wrong everywhere",
    async (context) => {
      const { ref } = await context.launch()
      await say(context, ref, wrongImage)
      const before = context.world.time.now()
      const error = await failureOf(context, ref)
      const half = Duration.toMillis(context.provider.timing.bootWithin) / 2
      check(context.world.time.now() - before < half, "the wait went on although the cloud named the reason")
      same(error._tag, "InvalidRequest", "the error of a wrong image")
      same(reachOf(error), "everywhere", "how far a wrong image reaches")
      check(error.message.includes("manifest unknown"), `the cloud's words are not in the error: ${error.message}`)
      same(error.ref, ref, "the machine that the error is about")
    },
    { needs: ["sayOfBoot"] }
  ),
  test(
    "trouble that passes is no failure",
    async (context) => {
      const { ref } = await context.launch()
      await say(context, ref, passing)
      const { status, reason } = await untilSaid(context, ref, "handshake timeout")
      check(["pending", "provisioning", "starting"].includes(status), `${ref} is ${status} for trouble that passes`)
      same(reason, null, "the reason of a machine whose trouble passes")
    },
    { needs: ["sayOfBoot"] }
  ),
  test(
    "a boot that progresses is waited for beyond the boot time, and up to a limit",
    async (context) => {
      const { ref } = await context.launch()
      const boot = Duration.toMillis(context.provider.timing.bootWithin)
      await say(context, ref, "layer 0 of 99 is there")
      await untilSaid(context, ref, "layer 0")
      const before = context.world.time.now()
      let over = 0
      const waiting = failureOf(context, ref).then((error) => {
        over = context.world.time.now()
        return error
      })
      for (let layer = 1; layer <= 20 && over === 0; layer++) {
        await context.pass(boot / 4)
        await say(context, ref, `layer ${layer} of 99 is there`)
      }
      const error = await waiting
      same(error._tag, "Timeout", "the error of a boot that goes on for ever")
      check(over - before > boot * 1.5, "a boot that progressed was given up as one that did not")
      check(over - before < boot * 4, "a boot that progressed was waited for without a limit")
    },
    { needs: ["sayOfBoot"] }
  )
]

/** Whose fault a refusal is, and what can be known before anything is sent. */
export const outcomeSuite: ReadonlyArray<Entry> = [
  outcomes(
    "a quota is no wrong request: it is the account's, and no other offer of the cloud is to be tried",
    async (context) => {
      const spec = await context.spec()
      context.control("createRefusedForQuota")()
      const error = await context.fails(context.provider.launch(spec), "PermissionDenied")
      same(reachOf(error), "cloud", "how far a quota reaches")
      same(error.retry, "permanent", "whether to try again at once")
      exist(context, 0, "after a refusal for a quota")
    },
    { needs: ["createRefusedForQuota"] }
  ),
  outcomes("a check refuses what a launch refuses, and sends nothing", async (context) => {
    const spec = await context.spec()
    const { provider } = context
    const sent = await context.sent(async () => {
      await context.ok(provider.check(spec))
      await context.fails(provider.check({ ...spec, name: "" }), "InvalidRequest")
      const lacking = launchOptions.find((option) => !provider.launchOptions.has(option) && option !== "volumes")
      const more = { image: "a/b", os: "a", bid: spec.offer.pricePerHour, command: ["a"], location: "a", onStart: "a" }
      const option = Object.entries(more).find(([name]) => name === lacking)
      if (option) await context.fails(provider.check({ ...spec, [option[0]]: option[1] }), "Unsupported")
      for (const required of provider.requiredOptions) {
        const { [required]: _, ...rest } = spec
        await context.fails(provider.check(rest as typeof spec), "InvalidRequest")
      }
    })
    same(sent.length, 0, "requests that a check sent")
  })
]
