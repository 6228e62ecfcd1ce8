import { PassThrough } from "node:stream"
import { problemShape } from "@anygpu/operations/protocol"
import { Client, type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from "@modelcontextprotocol/client"
import { expect } from "vitest"
import { z } from "zod"
import { main } from "../main.ts"
import type { simulatedClouds } from "./clouds.ts"
import type { TerminalOptions } from "./terminal.ts"

/** The client's end of a server's standard streams. */
const transportOver = (toServer: PassThrough, fromServer: PassThrough): Transport => {
  const buffer = new ReadBuffer()
  const transport: Transport = {
    start: async () => {
      fromServer.on("data", (chunk: Buffer) => {
        buffer.append(chunk)
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage()) {
          transport.onmessage?.(message)
        }
      })
    },
    send: async (message: JSONRPCMessage) => {
      toServer.write(serializeMessage(message))
    },
    close: async () => {
      toServer.end()
      transport.onclose?.()
    }
  }
  return transport
}

/** `anygpu mcp` in this process, with the official client at its standard streams. */
export const mcpSession = async (
  clouds: ReturnType<typeof simulatedClouds>,
  argv: ReadonlyArray<string>,
  options: TerminalOptions = {}
) => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const printed = { stdout: "", stderr: "" }
  stdout.on("data", (chunk) => {
    printed.stdout += String(chunk)
  })
  stderr.on("data", (chunk) => {
    printed.stderr += String(chunk)
  })
  const ended = main(["mcp", ...argv], {
    ...{ stdin, stdout, stderr, signal: options.signal ?? new AbortController().signal },
    env: { ...clouds.env, ...options.env },
    clock: clouds.clock,
    fetch: options.fetch ?? clouds.fetch,
    ...(options.ssh && { ssh: options.ssh })
  })
  const client = new Client({ name: "test", version: "1.0.0" })
  await client.connect(transportOver(stdin, stdout))
  return {
    client,
    printed,
    /** The answer of a tool as it is, errors among them. */
    call: (name: string, input: Readonly<Record<string, unknown>> = {}) =>
      client.callTool({ name, arguments: { ...input } }),
    /** The exit code, once the client has gone. */
    end: async (): Promise<number> => {
      await client.close()
      return ended
    }
  }
}

type Answer = Awaited<ReturnType<Client["callTool"]>>

const errorAnswer = z.object({
  error: z.object({
    ...{ tag: z.string(), message: z.string(), advice: z.string().optional() },
    ...{ ownLimit: z.boolean().optional(), available: z.object({ amount: z.string() }).optional() },
    problems: z.array(problemShape)
  }),
  quote: z.object({ cost: z.object({ total: z.object({ amount: z.string() }) }) }).optional()
})

/** The error of a tool: its text is JSON. */
export const errorOf = ({ isError, content }: Answer) => {
  expect(isError).toBe(true)
  return errorAnswer.parse(JSON.parse(z.array(z.object({ text: z.string() })).parse(content)[0]?.text ?? ""))
}

/** What a tool answered, which the client has held to the tool's schema. */
export const answerOf = ({ isError, content, structuredContent }: Answer) => {
  expect({ isError, content }).toMatchObject({ isError: undefined })
  return z.record(z.string(), z.any()).parse(structuredContent)
}
