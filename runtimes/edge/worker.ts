import { nodeGlobals } from "../node-globals.ts"
import { program } from "../program.ts"
import { simulate } from "../simulated.ts"

/** A worker that runs the program once for each request, on simulated clouds of its own. */
export default {
  fetch: async (): Promise<Response> => {
    const { clock, open, truth } = simulate()
    const outcome = await program(await open(), clock)
    const named = globalThis as { readonly navigator?: { readonly userAgent: string } }
    const ofNode = nodeGlobals.filter((name) => name in globalThis)
    return Response.json({ outcome, truth: truth(), ofNode, agent: named.navigator?.userAgent })
  }
}
