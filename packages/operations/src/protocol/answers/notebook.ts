import { z } from "zod"

/** What `notebook` did, and where Jupyter is. */
export const notebookShape = z.object({
  ref: z.string(),
  state: z.enum(["started", "running", "stopped"]).describe("started now, there before, or ended"),
  port: z.int().nullable().describe("of the machine; null where none runs"),
  token: z.string().nullable().describe("null: it asks for none, or for a password"),
  url: z.string().nullable().describe("on this computer, while the command below runs there"),
  command: z.string().nullable().describe("leads the port to this computer")
})

/** Where Jupyter is, in JSON. */
export type NotebookJson = z.output<typeof notebookShape>

/** `anygpu notebook --json` prints this when the notebook can be opened. */
export const openNotebookShape = notebookShape.extend({
  local: z.int().nullable().describe("the port of this computer")
})

/** A notebook that can be opened, in JSON. */
export type OpenNotebookJson = z.output<typeof openNotebookShape>
