import { InstanceRef, kinds } from "anygpu"

/** `vast/container/123` in its parts; null when the text is not a whole ref. Whether there is such a cloud is not asked. */
export const parseRef = (text: string): InstanceRef | null => {
  const [cloud = "", kind, ...rest] = text.split("/")
  const known = kinds.find((name) => name === kind)
  const id = rest.join("/")
  return /^[a-z][a-z0-9-]*$/.test(cloud) && known && id ? new InstanceRef(cloud, known, id) : null
}

/** Whether a text is written as a machine or an offer, in whole or shortened: cloud, kind and id. */
export const isRef = (text: string): boolean => parseRef(text.trim()) !== null
