import { clouds } from "@anygpu/clouds"

const uuid = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi

/** A ref as tables print it: of a UUID only the first eight digits, which `refs.ts` understands. */
export const shortRef = (ref: string): string => ref.replace(uuid, "$1")

/** Whether an id may be one that {@link shortRef} has shortened: never one of a cloud whose ids are numbers. */
export const mayBeShort = (provider: string, id: string): boolean => {
  const cloud = clouds.find(({ name }) => name === provider)
  return cloud?.ids !== "numbers" && /^[0-9a-f]{8}(@|$)/i.test(id)
}
