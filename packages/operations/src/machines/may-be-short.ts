import { clouds } from "@anygpu/clouds"

/** Whether an id may be one that `shortRef` has shortened: never one of a cloud whose ids are numbers. */
export const mayBeShort = (provider: string, id: string): boolean => {
  const cloud = clouds.find(({ name }) => name === provider)
  return cloud?.ids !== "numbers" && /^[0-9a-f]{8}(@|$)/i.test(id)
}
