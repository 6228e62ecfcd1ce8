import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { OpenForwardJson } from "@anygpu/operations/protocol"
import { localUrl, withSession } from "@anygpu/operations/run"
import type { ConnectedMachine, OpenForward } from "@anygpu/ssh"
import type { InstanceRef } from "anygpu"
import { openInBrowser } from "../browser.ts"
import type { forwardFields } from "../command/using-fields.ts"
import { loggingInWith } from "../connect.ts"
import type { Context } from "../context.ts"
import { leadHere, takesConnections, untilInterrupted, type Wanted } from "../forwarding.ts"
import { plain } from "../plain.ts"

/** Leads one port here and says where it is. */
const lead = async (context: Context, session: ConnectedMachine, ref: InstanceRef, wanted: Wanted) => {
  const { out } = context
  const forward = await leadHere(context, session, wanted)
  const answers = await takesConnections(forward)
  const [local, url] = [forward.port, localUrl(forward.port)]
  out.event({
    json: (): OpenForwardJson => ({ ref: String(ref), port: wanted.remote, local, url, answers }),
    text: () => plain(`${url} is port ${wanted.remote} of ${ref}`)
  })
  if (!answers) out.note(`nothing takes connections on port ${wanted.remote} there yet`)
  return forward
}

/** `anygpu forward`: leads ports of a machine to this computer, until Ctrl-C. */
export const run = async (given: Context, input: InputOf<typeof forwardFields>): Promise<number> => {
  const context = loggingInWith(given, input)
  const { out, signal } = context
  return await withSession(context, input, async (session, { ref }) => {
    const opened: OpenForward[] = []
    try {
      for (const wanted of input.ports) opened.push(await lead(context, session, ref, wanted))
      if (input.open) for (const { port } of opened) openInBrowser(context, localUrl(port))
      out.note("Open until Ctrl-C.")
      await untilInterrupted(signal)
      return exitCodes.done.code
    } finally {
      await Promise.all(opened.map((forward) => forward.close()))
    }
  })
}
