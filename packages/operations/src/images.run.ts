import type { OperationContext } from "./context.ts"
import type { imagesInput } from "./images.ts"
import type { InputOf } from "./input/field.ts"
import type { ImagesJson } from "./protocol/answers/images.ts"
import { type Gathered, gatheredJson } from "./protocol/model.ts"

/** What a launch may name. */
export interface Images extends Gathered {
  readonly images: ReadonlyArray<ImagesJson["images"][number]>
  /** Clouds that list none. */
  readonly lacking: ReadonlyArray<string>
}

/** Asks all clouds for their images. */
export const run = async (context: OperationContext, { text = "" }: InputOf<typeof imagesInput>): Promise<Images> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, ...found } = await out.during("asking for images", () => gpu.accounts("images", { signal }))
  const rows = answers.flatMap(({ provider, kind, answer }) =>
    answer.items.map(({ id, name }) => ({ provider, kind, id, name }))
  )
  const part = text.toLowerCase()
  return { ...found, images: rows.filter(({ id, name }) => `${id}\n${name}`.toLowerCase().includes(part)) }
}

/** The images in JSON. */
export const encode = ({ images, lacking, ...found }: Images): ImagesJson => ({
  images: [...images],
  lacking: [...lacking],
  ...gatheredJson(found)
})
