import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** What `images` takes. */
export const imagesInput = fields({
  text: { type: "text", description: "only those whose name or id has this text in it" }
})

/** What a launch may name. */
export const images = operation({
  name: "images",
  title: "List the images and systems that a launch may name",
  summary: "list the images and systems that a launch may name",
  about: "Clouds whose containers take any image of a registry have no list of their own.",
  ...{ effect: "read", idempotent: true, input: imagesInput },
  examples: [
    { input: {}, does: "all of them" },
    { input: { text: "ubuntu" }, does: "the Ubuntus" }
  ],
  answer: async () => (await import("./protocol/index.ts")).imagesShape,
  load: async () => (await import("./run.ts")).images
})
