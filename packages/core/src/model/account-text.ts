/*
 * An account as a ledger keeps it: `id=42 keys=0a1b2c3d4e5f,5f4e3d2c1b0a`. The cloud's own word for it, where it has one,
 * and fingerprints of the keys that have shown what it is written beside.
 */

/** What is known of an account. */
export interface AccountParts {
  readonly id: string | null
  /** Fingerprints, never keys; the newest last. */
  readonly keys: ReadonlyArray<string>
}

/** So many keys are kept of one account: the newest ones. */
const mostKeys = 8

/** An account as a text without spaces in its parts. */
export const accountText = ({ id, keys }: AccountParts): string =>
  [...(id === null ? [] : [`id=${encodeURIComponent(id)}`]), `keys=${keys.slice(-mostKeys).join(",")}`].join(" ")

/** The account of a text. */
export const accountParts = (text: string): AccountParts => {
  const part = (name: string) =>
    text
      .split(" ")
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1)
  const id = part("id")
  return { id: id === undefined ? null : decodeURIComponent(id), keys: part("keys")?.split(",").filter(Boolean) ?? [] }
}

/**
 * What is known of an account by two texts about the same machine: a key that has shown it is of its account.
 *
 * - Where the cloud calls them two accounts, the later one counts.
 */
export const mergedAccount = (before: string | undefined, after: string): string => {
  if (before === undefined || before === after) return after
  const [old, now] = [accountParts(before), accountParts(after)]
  if (old.id !== null && now.id !== null && old.id !== now.id) return after
  return accountText({ id: now.id ?? old.id, keys: [...new Set([...old.keys, ...now.keys])] })
}

/** Whether two texts are about one account, as far as they say: the cloud's own word for both is the same, or a key. */
export const sharesAccount = (one: string, other: string): boolean => {
  if (one === other) return true
  const [a, b] = [accountParts(one), accountParts(other)]
  return (a.id !== null && a.id === b.id) || a.keys.some((key) => b.keys.includes(key))
}
