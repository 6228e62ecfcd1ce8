const uuid = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi

/** A ref as tables print it: of a UUID only the first eight digits, which a command understands too. */
export const shortRef = (ref: string): string => ref.replace(uuid, "$1")
