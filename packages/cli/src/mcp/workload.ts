import { z } from "zod"

/** What runs on a machine, as agents say it. */
export const running = {
  image: z.string().min(1).optional().describe("the container image; without a system, only containers take one"),
  env: z.record(z.string(), z.string()).optional().describe("all variables of the container"),
  ports: z
    .array(
      z.strictObject({ port: z.int().min(1).max(65_535), protocol: z.enum(["tcp", "udp", "http"]).default("tcp") })
    )
    .optional()
    .describe("all ports to reach from outside"),
  command: z.array(z.string()).optional().describe("the arguments of the image's entrypoint, instead of its own"),
  onStart: z.string().min(1).optional().describe("a shell script that runs when the machine is up")
}
