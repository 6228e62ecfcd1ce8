import { text } from "node:stream/consumers"
import fc from "fast-check"
import { expect, test } from "vitest"
import { limitLines, longestMessage } from "./line-limit.ts"

const through = async (chunks: ReadonlyArray<string>) => {
  const answers: unknown[] = []
  const stream = limitLines((answer) => answers.push(JSON.parse(answer)))
  const passed = text(stream)
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  return { passed: await passed, answers }
}

test("passes lines on as they are, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[a-z{}"\n]{0,20}$/)), async (chunks) => {
      expect(await through(chunks)).toEqual({ passed: chunks.join(""), answers: [] })
    }),
    { numRuns: 50 }
  )
})

const long = "x".repeat(longestMessage)

test.each([
  ["at its beginning", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"id":9,"a":"${long}"}}`, 7],
  ["at its end", `{"jsonrpc":"2.0","method":"tools/call","params":{"a":"${long}"},"id":"call-1"}`, "call-1"],
  ["nowhere", `{"jsonrpc":"2.0","method":"x","params":{"a":"${long}","b":1}}`, null]
])("refuses a message that is too long, by its id %s, and reads on", async (_, message, id) => {
  const chunks = [message.slice(0, 1000), message.slice(1000, 3_000_000), `${message.slice(3_000_000)}\n{"a":1}\n`]
  const { passed, answers } = await through(chunks)
  expect(passed).toBe('{"a":1}\n')
  expect(answers).toMatchObject([{ id, error: { code: -32600, message: expect.stringContaining("more than") } }])
})
