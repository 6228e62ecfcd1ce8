import { fields } from "./input/field.ts"
import { waitField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `cp` takes. */
export const copyInput = fields({
  from: {
    ...{ type: "file", required: true, repeats: true },
    description:
      "files and folders of this computer, or of one machine as machine:path, with patterns such as 'out/*.pt'"
  },
  to: { type: "file", required: true, description: "where to: machine:path, or a path of this computer" },
  noIgnore: {
    type: "switch",
    description: "copy also what .gitignore and .anygpuignore leave out of a folder, and .git"
  },
  ...waitField
})

/** Files and folders, to a machine or from it. */
export const copy = operation({
  name: "cp",
  title: "Copy files to a machine or from it",
  summary: "copy files and folders to a machine or from it: only what is not the same there",
  about:
    "A file goes into a folder that is there or ends with /, and is named as the target otherwise. What one folder holds " +
    "goes into the folder that is named, which is made; several go into it each under its own name. Paths of a machine " +
    "begin in the home folder. Nothing is removed, and nothing is written outside of the target: links that lead out of " +
    "it are left out, and listed. After a lost connection it goes on with what is missing.",
  ...{ effect: "change", idempotent: true, isLocal: true, input: copyInput },
  examples: [{ input: { from: ["train.py"], to: "trainer:work/" }, does: "one file into a folder" }],
  answer: async () => (await import("./protocol/index.ts")).copyShape,
  load: async () => (await import("./run.ts")).copy
})
