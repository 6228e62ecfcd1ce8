import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** A cloud on this machine that answers from bytes prepared once. */
export interface Market {
  readonly url: string
  readonly apiKey: string
  /** The size of all offers in one answer. */
  readonly bytes: number
  readonly close: () => void
}

/**
 * Opens a market of `count` offers in another process.
 *
 * - `paged`: an answer holds at most what the search asks for, from its least price on. `whole`: always all of them.
 * - `ascii`: without the few other characters that the cloud sends, such as the "®" of processors.
 */
export const openMarket = async (
  count: number,
  pages: "paged" | "whole" = "paged",
  characters: "ascii" | "all" = "all"
): Promise<Market> => {
  const execArgv = ["--conditions=anygpu-source", "--max-old-space-size=8192"]
  const child = fork(fileURLToPath(new URL("server.ts", import.meta.url)), [String(count), pages, characters], {
    execArgv
  })
  const [{ port, bytes }] = (await once(child, "message")) as [{ readonly port: number; readonly bytes: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey: "a-key-of-the-benchmark",
    bytes,
    close: () => child.disconnect()
  }
}
