import type { CheckSubject, MachineCheck } from "@anygpu/core"

/** What makes one check after the other of a subject. */
export const checkOf =
  (subject: CheckSubject, offered: string | null, found: string | null) =>
  (verdict: MachineCheck["verdict"], message: string): MachineCheck => ({ subject, verdict, message, offered, found })

/** Memory in words: MiB below one GiB, else GiB with one digit. */
export const sizeText = (mib: number): string =>
  mib < 1024 ? `${mib} MiB` : `${(mib / 1024).toFixed(1).replace(/\.0$/, "")} GiB`

/** `1 GPU`, `2 GPUs`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`
