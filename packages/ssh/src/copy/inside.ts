import { posix } from "node:path"

/** Whether a path, with forward slashes and below some folder, stays there. */
export const isInside = (path: string): boolean => {
  if (path === "" || path.startsWith("/") || path.includes("\0") || /^[A-Za-z]:/.test(path) || path.includes("\\"))
    return false
  return !posix.normalize(path).split("/").includes("..")
}

/** Whether a link at a path below some folder leads to something below that folder. */
export const leadsInside = (path: string, target: string): boolean =>
  !target.startsWith("/") && isInside(posix.join(posix.dirname(path), target) || ".")
