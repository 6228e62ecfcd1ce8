import { randomBytes } from "node:crypto"
import { BadResponse, InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { exec } from "../process.ts"
import type { Subject } from "./check.ts"
import { judge, type Offered, type Verification } from "./judge.ts"
import { shortly } from "./nvidia-text.ts"
import { observationIn } from "./observation.ts"
import { verifyScript } from "./script.ts"

/** What is measured besides, and what is looked at. */
export interface VerifyOptions {
  /** Writes so many MiB to the disk, and removes them again: 1 to 16384. Nothing is written where it is left out. */
  readonly write?: number | undefined
  /** Downloads what is there, for 30 seconds at most, and throws it away. Nothing where it is left out. */
  readonly url?: string | undefined
  /** Looks only at these; at everything where it is left out. */
  readonly only?: ReadonlyArray<Subject> | undefined
}

const mostMiB = 16_384

const checked = ({ write, url }: VerifyOptions): Readonly<Record<string, string>> => {
  if (write !== undefined && !(Number.isInteger(write) && write >= 1 && write <= mostMiB)) {
    throw InvalidRequest.of("write", `must be a whole number of MiB from 1 to ${mostMiB}`)
  }
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
    throw InvalidRequest.of("url", "must be an address that begins with https:// or http://")
  }
  return { ANYGPU_WRITE: String(write ?? 0), ANYGPU_URL: url ?? "" }
}

/**
 * Asks a machine what it is, and compares that with what was offered.
 *
 * - It takes a second or two, and 30 seconds longer where a driver does not answer. Nothing is installed or left there.
 * - Fails with `InvalidRequest` for options that cannot be, with `BadResponse` where the answer is not whole, and as `exec`
 *   does.
 */
export const verify = (
  link: Link,
  offered: Offered,
  options: VerifyOptions = {}
): Effect.Effect<Verification, SshError> =>
  Effect.gen(function* () {
    const asked = yield* Effect.try({ try: () => checked(options), catch: (error) => error as InvalidRequest })
    const mark = `#anygpu-${randomBytes(8).toString("hex")}`
    const env = { ...asked, ANYGPU_MARK: mark }
    const { stdout, stderr } = yield* exec(link, verifyScript, { env, timeout: "10 minutes" })
    const isWriteAsked = options.write !== undefined
    const isDownloadAsked = options.url !== undefined
    const observation = observationIn(stdout, mark, { isWriteAsked, isDownloadAsked })
    if (observation !== null) return judge(observation, offered, options)
    const message = `The machine's answer is not whole, so nothing is concluded from it: ${shortly(stderr) || "it ends too early"}`
    return yield* new BadResponse({ message, retry: "temporary", path: "verify" })
  })
