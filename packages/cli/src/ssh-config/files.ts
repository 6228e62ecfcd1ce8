import { access } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import type { Io } from "../io.ts"

/** The files of ssh's configuration that are read and written. */
export interface SshConfigFiles {
  readonly folder: string
  /** The user's own, which gets one line. */
  readonly user: string
  /** Ours, which that line includes. */
  readonly own: string
  readonly knownHosts: string
}

const ownName = "anygpu_config"

/** What the user's own file gets: it is looked for beside that file. */
export const includeLine = `Include ${ownName}`

/** Where they are: below the home folder, as ssh has it. */
export const sshConfigFiles = (env: Io["env"]): SshConfigFiles => {
  const folder = join(env.HOME || env.USERPROFILE || homedir(), ".ssh")
  return {
    folder,
    user: join(folder, "config"),
    own: join(folder, ownName),
    knownHosts: join(folder, "anygpu_known_hosts")
  }
}

/** Whether it was installed: without a request there is no file of it. */
export const isInstalled = ({ own }: SshConfigFiles): Promise<boolean> =>
  access(own).then(
    () => true,
    () => false
  )
