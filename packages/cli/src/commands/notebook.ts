import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { OpenNotebookJson } from "@anygpu/operations/protocol"
import { notebook, notebookUrl, openNotebook, withSession } from "@anygpu/operations/run"
import { openInBrowser } from "../browser.ts"
import type { notebookFields } from "../command/using-fields.ts"
import { loggingInWith } from "../connect.ts"
import type { Context } from "../context.ts"
import { leadHere, untilInterrupted } from "../forwarding.ts"
import { plain } from "../plain.ts"

/** `anygpu notebook`: Jupyter of a machine on this computer, until Ctrl-C. */
export const run = async (given: Context, input: InputOf<typeof notebookFields>): Promise<number> => {
  const context = loggingInWith(given, input)
  const { out, signal } = context
  return await withSession(context, input, async (session, { ref }) => {
    const found = await openNotebook(context, session, ref, input)
    const { state, server } = found
    const json = (local: number | null, url: string | null): OpenNotebookJson => ({
      ...notebook.encode(found),
      ...{ local, url }
    })
    if (server === null) {
      out.event({ json: () => json(null, null), text: () => plain(`Jupyter was ended on ${ref}`) })
      return exitCodes.done.code
    }
    await using forward = await leadHere(context, session, { remote: server.port, local: input.local ?? null })
    const url = notebookUrl(server, forward.port)
    out.note(`Jupyter ${state === "started" ? "was started" : "runs already"} on ${ref}`)
    out.event({ json: () => json(forward.port, url), text: () => plain(url) })
    if (input.open) openInBrowser(context, url)
    out.note("Led here until Ctrl-C; it goes on there. --stop ends it.")
    await untilInterrupted(signal)
    return exitCodes.done.code
  })
}
