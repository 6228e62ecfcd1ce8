import { InvalidRequest } from "anygpu"

/** Files of a computer need Node. */
const needsNode = async (): Promise<never> => {
  throw InvalidRequest.of("from", "files of this computer can be copied by Node only")
}

export const upload: typeof import("./upload.ts").upload = needsNode

export const download: typeof import("./download.ts").download = needsNode
