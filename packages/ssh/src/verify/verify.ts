import { randomBytes } from "node:crypto"
import { BadResponse, InvalidRequest, shape, type VerifyOptions, verifyFields } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { exec } from "../process.ts"
import { judge, type ObservedVerification, type OfferFacts } from "./judge.ts"
import { shortly } from "./nvidia-text.ts"
import { observationIn } from "./observation.ts"
import { verifyScript } from "./script.ts"

/**
 * Asks a machine what it is, and compares that with what was offered.
 *
 * - It takes a second or two, and 30 seconds longer where a driver does not answer. Nothing is installed or left there.
 * - Fails with `InvalidRequest` for options that cannot be, with `BadResponse` where the answer is not whole, and as `exec`
 *   does.
 */
export const verify = (
  link: Link,
  offered: OfferFacts,
  options: VerifyOptions = {}
): Effect.Effect<ObservedVerification, SshError> =>
  Effect.gen(function* () {
    const issues = shape.partOfArgument(verifyFields)("options", options)
    if (issues.length > 0) return yield* InvalidRequest.all(issues)
    const { write, url } = options
    const mark = `#anygpu-${randomBytes(8).toString("hex")}`
    const env = { ANYGPU_WRITE: String(write ?? 0), ANYGPU_URL: url ?? "", ANYGPU_MARK: mark }
    const { stdout, stderr } = yield* exec(link, verifyScript, { env, timeout: "10 minutes" })
    const measures = { isWriteAsked: write !== undefined, isDownloadAsked: url !== undefined }
    const observation = observationIn(stdout, mark, measures)
    if (observation !== null) return judge(observation, offered, options)
    const message = `The machine's answer is not whole, so nothing is concluded from it: ${shortly(stderr) || "it ends too early"}`
    return yield* new BadResponse({ message, retry: "temporary", path: "verify" })
  })
