import { hostname, userInfo } from "node:os"

/** What can be in no owner of a launch. */
const odd = /[\s,\p{C}]+/gu

const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    // The number of this user is in no table of the computer, as in many containers.
    return `user-${process.getuid?.() ?? "unknown"}`
  }
}

/** Whose a launch of the command is where nothing else is said: this user at this computer. */
export const ownerHere = (): string => `${userName()}@${hostname()}`.replace(odd, "-").slice(0, 128)
