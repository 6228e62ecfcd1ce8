import { createHash } from "node:crypto"
import { Client } from "pg"

/** So often a listener is called besides, in milliseconds: a notice may be lost with its connection. */
const pollEvery = 10_000

/**
 * The channel on which the writes of a schema are told: a name that fits into what Postgres keeps of one.
 *
 * - Notices say nothing: what has changed is read.
 */
export const channelOf = (schema: string): string =>
  `anygpu_${createHash("sha256").update(schema).digest("hex").slice(0, 16)}`

/** Calls something again and again until it is stopped. */
export type Repeat = (run: () => void, millis: number) => () => void

const byTimer: Repeat = (run, millis) => {
  const timer = setInterval(run, millis)
  // Who only waits for changes keeps no program alive.
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * Calls a listener when something may have changed: soon after each write of any process, and every ten seconds besides.
 *
 * - A hint. A connection that is lost is made again at the next of the ten seconds, and until then only these count.
 */
export const listenTo = (
  url: string,
  schema: string,
  listener: () => void,
  repeat: Repeat = byTimer
): (() => Promise<void>) => {
  let client: Client | null = null
  let isStopped = false
  const forget = (one: Client): void => {
    if (client === one) client = null
    one.end().catch(() => {})
  }
  const connect = async (): Promise<void> => {
    const one = new Client({ connectionString: url, application_name: "anygpu changes" })
    client = one
    one.on("error", () => forget(one))
    one.on("end", () => {
      if (client === one) client = null
    })
    one.on("notification", () => {
      if (!isStopped) listener()
    })
    try {
      await one.connect()
      await one.query(`LISTEN ${channelOf(schema)}`)
      if (isStopped) forget(one)
      // What was written before it was listened to.
      else listener()
    } catch {
      forget(one)
    }
  }
  let connecting = connect()
  const stop = repeat(() => {
    if (client === null) connecting = connect()
    listener()
  }, pollEvery)
  return async () => {
    isStopped = true
    stop()
    await connecting
    const last = client
    client = null
    await last?.end().catch(() => {})
  }
}
