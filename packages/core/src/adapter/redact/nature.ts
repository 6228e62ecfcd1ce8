import type { Nature } from "./gram-table.ts"

const gaps = /[\t-\r ]/
const keySigns = /^[\w+/.~-]+=*$/
const randomRun = /[A-Za-z0-9]{16}/

/**
 * What a secret is, by who gave it and by how it looks.
 *
 * - Several words are a `text`: a script, a command, a login.
 * - What was given as a key, a token or a password is a `key`, but for an address.
 * - Of other values, such as variables, a `key` is what has sixteen letters and digits in a row and no signs but those of
 *   keys: words of natural language and paths have not.
 * - The rest are a `word`: a path, an address, the name of a model.
 */
export const natureOf = (secret: string, isKey: boolean): Nature => {
  if (gaps.test(secret)) return "text"
  const isRandom = isKey ? !secret.includes("://") : keySigns.test(secret) && randomRun.test(secret)
  return isRandom ? "key" : "word"
}
