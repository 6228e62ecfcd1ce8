import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { Network } from "../errors.ts"
import { endpoint } from "./endpoint.ts"
import { cloud, create, failure, type Reply, show } from "./fake-cloud.test-support.ts"

describe("no secret in any error", () => {
  const printable = fc.stringMatching(/^[!-~]{8,40}$/)
  const echo = fc.constantFrom<(secret: string) => Reply>(
    (secret) => ({ status: 401, text: `{"error":${JSON.stringify(`Invalid key ${secret}`)}}` }),
    (secret) => ({ status: 400, text: `bad request: ${secret}` }),
    (secret) => ({ status: 500, text: JSON.stringify({ detail: secret, input: { [secret]: secret } }) }),
    (secret) => ({ status: 422, text: JSON.stringify({ msg: encodeURIComponent(secret) }) }),
    (secret) => ({ status: 409, headers: { "x-request-id": secret } }),
    (secret) => ({ status: 302, headers: { location: `https://h.test/${encodeURIComponent(secret)}` } }),
    (secret) => ({ text: secret }),
    (secret) => ({ text: `{"x":"${secret}`, headers: { "content-type": `text/${secret}` } }),
    (secret) => ({ text: JSON.stringify({ new_contract: secret }) }),
    (secret) => ({ text: JSON.stringify({ instances: [{ id: { [secret]: secret } }] }) }),
    (secret) =>
      new Network({
        message: `lost ${secret}`,
        retry: "temporary",
        sent: "maybe",
        cause: Object.assign(new Error(secret, { cause: new Error(secret) }), { code: secret, headers: { secret } })
      })
  )

  test("wherever the cloud or the network echoes it", async () => {
    await fc.assert(
      fc.asyncProperty(printable, echo, fc.boolean(), async (secret, reply, inBody) => {
        fc.pre(!/^(redacted|<redacted>|\d+)$/.test(secret))
        const { caller } = cloud([reply(secret)], {
          secrets: [],
          headers: () => (inBody ? {} : { "X-API-Key": Redacted.make(secret) })
        })
        const body = { image: "a", ...(inBody ? { env: { TOKEN: secret } } : {}) }
        const launched = await failure(caller.call(create, { params: { id: 1 }, body }))
        const errors = inBody ? [launched] : [launched, await failure(caller.call(show, { params: { id: 1 } }))]
        for (const error of errors) {
          const shown = [
            error.message,
            JSON.stringify(error),
            inspect(error, { depth: null, showHidden: true }),
            error.stack,
            (error.cause as Error | undefined)?.stack,
            Cause.pretty(Cause.fail(error))
          ].join("\n")
          expect(shown).not.toContain(secret)
          expect(shown).not.toContain(encodeURIComponent(secret))
        }
      }),
      { numRuns: 300 }
    )
  })

  test("that an answer holds, where its endpoint says so: its words are those of its JSON alone", async () => {
    const text = "-----BEGIN PRIVATE KEY----- MC4CAQAwBQYDK2Vw"
    const keys = endpoint({ ...show, secretAnswer: true })
    const replies: ReadonlyArray<Reply> = [{ text }, { status: 500, text }, { status: 400, text: `{"key":"${text}` }]
    for (const reply of replies) {
      const { caller } = cloud([reply, reply, reply, reply, reply])
      const error = await failure(caller.call(keys, { params: { id: 1 } }))
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain("MC4CAQAw")
    }
    const { caller } = cloud([{ status: 400, text: '{"message":"no such key"}' }])
    expect((await failure(caller.call(keys, { params: { id: 1 } }))).message).toContain("no such key")
  })

  test("also when a variable is short, and the message stays readable", async () => {
    const reply: Reply = { status: 400, text: '{"msg":"PIN k9 of port 842 is no pink9 value"}' }
    const { caller } = cloud([reply, reply], { secrets: [], headers: () => ({ "x-api-key": 77441 as never }) })
    const env = { PIN: "k9", SWITCH: "is", PORT: "842" }
    const error = await failure(caller.call(create, { params: { id: 1 }, body: { image: "a", env } }))
    expect(error.message).toContain("PIN <redacted> of port <redacted> is no pink9 value")
  })

  describe("that lies deeper in the body", () => {
    const deploy = endpoint({
      operation: "deploy",
      method: "POST",
      path: "/machines",
      body: z.unknown(),
      answer: z.unknown(),
      repeat: "never",
      sensitive: ["settings.environment.value", "settings.login", "missing.field", "settings.image.deeper"],
      source: "test"
    })
    const body = {
      settings: {
        image: "image-that-shows",
        environment: [{ name: "NAME_SHOWS", value: "first-secret" }, { value: { deep: ["second-secret"] } }, null],
        login: { password: "third-secret" }
      }
    }

    test("is found by its path, through lists and objects, and nothing else is hidden", async () => {
      const said = "image-that-shows NAME_SHOWS first-secret second-secret third-secret"
      const { caller } = cloud([{ status: 400, text: JSON.stringify({ error: said }) }])
      const { message } = await failure(caller.call(deploy, { body }))
      for (const secret of ["first-secret", "second-secret", "third-secret"]) expect(message).not.toContain(secret)
      expect(message).toContain("image-that-shows NAME_SHOWS <redacted>")
    })

    test.each([[null], ["text"], [7], [[]], [{ settings: null }], [{ settings: [{ login: null }] }]])(
      "is not there in %j, which breaks nothing",
      async (other) => {
        const { caller } = cloud([{ status: 400, text: "refused for what it is" }])
        expect((await failure(caller.call(deploy, { body: other }))).message).toContain("refused for what it is")
      }
    )
  })
})
