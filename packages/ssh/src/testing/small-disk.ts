import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  /** Takes every byte that is left. */
  fill(): void
  /** Gives back what `fill` took. */
  free(): void
  /** Takes the file system away; the folder stays. */
  remove(): void
}

/** Puts one of so many KiB at a folder, which it makes; only root may. */
export const makeSmallDisk = (folder: string, kibibytes: number): SmallDisk => {
  mkdirSync(folder, { recursive: true })
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kibibytes}k,mode=700`, "anygpu-test", folder], { stdio: "pipe" })
  const filling = join(folder, "filling")
  return {
    fill: () => {
      for (const size of [65_536, 4096, 1]) {
        try {
          for (;;) writeFileSync(filling, Buffer.alloc(size), { flag: "a" })
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error
        }
      }
    },
    free: () => rmSync(filling, { force: true }),
    remove: () => void execFileSync("umount", ["-l", folder])
  }
}

/** Whether this user may make small disks: tests of them are left out otherwise, which they say. */
export const withoutSmallDisks: boolean = (() => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-disk-"))
  try {
    makeSmallDisk(folder, 64).remove()
    return false
  } catch {
    return true
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})()
