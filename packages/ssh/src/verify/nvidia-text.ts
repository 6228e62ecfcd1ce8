import type { GpuReading } from "./gpu-reading.ts"

/** How nvidia-smi says that its driver works and sees no GPU. It ends with 6 then. */
const none = /no devices (?:were|was) found/i

/** How nvidia-smi says that it cannot ask its driver, or that a card is lost. */
const failures: ReadonlyArray<RegExp> = [
  /couldn't communicate with the nvidia driver/i,
  /failed to initialize nvml/i,
  /driver\/library version mismatch/i,
  /unable to determine the device handle/i,
  /gpu is lost/i,
  /fallen off the bus/i,
  /reboot the system to recover/i,
  /no supported gpus? (?:were|was) found/i,
  /insufficient external power/i
]

/** Whether nvidia-smi says of a card that it cannot be used. */
export const tellsFailure = (text: string): boolean => failures.some((pattern) => pattern.test(text))

/** What of an answer is repeated: in one line, and its beginning where it is long. */
export const shortly = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim().replace(/\.+$/, "")
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

/** What nvidia-smi says in the place of an answer; null where it says nothing of that kind. */
export const nvidiaFailure = (text: string): GpuReading | null => {
  if (none.test(text)) return { state: "none", said: shortly(text) }
  return tellsFailure(text) ? { state: "failed", said: shortly(text) } : null
}
