const uuid = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi

/** A ref as tables print it: of a UUID only the first eight digits, which `refs.ts` understands. */
export const shortRef = (ref: string): string => ref.replace(uuid, "$1")

/** Whether an id may be one that {@link shortRef} has shortened. Vast's ids are numbers, and never are. */
export const mayBeShort = (provider: string, id: string): boolean =>
  provider !== "vast" && /^[0-9a-f]{8}(@|$)/i.test(id)
