import { describe, expect, test } from "vitest"
import { connect } from "../index.ts"
import { type ServerBehaviour, startServer } from "../testing/server.ts"

const written = "0123456789"

/** What one reading answers, by the offset it was asked for. */
type Reading = (offset: number) => {
  readonly bytes: string
  readonly status: string
  readonly lost?: boolean
  readonly after?: number
}

/** A machine whose job has written ten bytes, of which each reading tells what it likes. */
const machineWith = async (reading: Reading, before = "") => {
  const offsets: number[] = []
  const onExec: ServerBehaviour["onExec"] = (channel, client) => {
    let script = ""
    channel
      .on("error", () => {})
      .on("data", (chunk: Buffer) => {
        script += chunk
      })
    channel.once("end", () => {
      const [, offset = "", mark = ""] = /anygpu_main 'attach' '\w+' '(\d+)' '(#[\w-]+)'/.exec(script) ?? []
      offsets.push(Number(offset))
      const { bytes, status, lost = false, after = 50 } = reading(Number(offset))
      channel.write(`${before}\n${mark}\n${bytes}`)
      if (lost) return void setTimeout(() => client.end(), after)
      channel.stderr.write(`#anygpu beat\n#anygpu id=a ${status}\n`)
      channel.exit(0)
      channel.end()
    })
  }
  const server = await startServer({ onExec })
  const machine = await connect(server, { key: server.key, agent: false, patience: "2 seconds" })
  const output = async (from = 0): Promise<string> => {
    let text = ""
    try {
      for await (const chunk of machine.job("a").output({ from })) text += Buffer.from(chunk)
      return text
    } finally {
      await machine.close()
      await server.stop()
    }
  }
  return { output, offsets }
}

const ended = "state=exited code=0 out=10 err=0"
const slice = (offset: number, length: number) => written.slice(offset, offset + length)

test("a wait goes on though it had lasted longer than the patience before the connection was lost", async () => {
  let waits = 0
  const onExec: ServerBehaviour["onExec"] = (channel, client) => {
    channel.on("error", () => {}).resume()
    channel.once("end", () => {
      if (waits++ === 0) return void setTimeout(() => client.end(), 2500)
      channel.stderr.write(`#anygpu id=a ${ended}\n`)
      channel.exit(0)
      channel.end()
    })
  }
  const server = await startServer({ onExec })
  const machine = await connect(server, { key: server.key, agent: false, patience: "2 seconds" })
  expect(await machine.job("a").wait()).toMatchObject({ state: "exited", code: 0 })
  await machine.close()
  await server.stop()
})

describe("the output of a job", () => {
  test("is not over while fewer bytes came than the machine says it has", async () => {
    const { output, offsets } = await machineWith((offset) => ({ bytes: slice(offset, 4), status: ended }))
    expect(await output()).toBe(written)
    expect(offsets).toEqual([0, 4, 8])
  })

  test("goes on at the byte where the connection was lost", async () => {
    const reading: Reading = (offset) => ({ bytes: slice(offset, 3), status: ended, lost: offset < 6 })
    const { output, offsets } = await machineWith(reading)
    expect(await output(1)).toBe(written.slice(1))
    expect(offsets).toEqual([1, 4, 7])
  })

  test("goes on though the job was quiet for longer than the patience before the connection was lost", async () => {
    let readings = 0
    const reading: Reading = (offset) =>
      readings++ === 0
        ? { bytes: "", status: ended, lost: true, after: 2500 }
        : { bytes: slice(offset, 10), status: ended }
    const { output } = await machineWith(reading)
    expect(await output()).toBe(written)
  })

  test("is without what a login shell writes before it", async () => {
    const { output } = await machineWith(
      (offset) => ({ bytes: slice(offset, 10), status: ended }),
      "Welcome!\n#anygpu\n"
    )
    expect(await output()).toBe(written)
  })

  test("that has become shorter than what was read is an error, and no end", async () => {
    const { output } = await machineWith(() => ({ bytes: "", status: "state=exited code=0 out=3 err=0" }))
    await expect(output(5)).rejects.toMatchObject({ _tag: "ProviderFault" })
  })

  test("of which the machine hands over nothing is asked for as long as the patience lasts, and not in a rush", async () => {
    const { output, offsets } = await machineWith(() => ({ bytes: "", status: ended }))
    await expect(output()).rejects.toMatchObject({ _tag: "ProviderFault" })
    expect(offsets.length).toBeLessThan(8)
  })

  test("of a machine that tells nothing of it is an error", async () => {
    const { output } = await machineWith(() => ({ bytes: "", status: "" }))
    await expect(output()).rejects.toMatchObject({ _tag: "BadResponse", path: "job" })
  })
})
