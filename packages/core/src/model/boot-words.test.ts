import { describe, expect, test } from "vitest"
import { isPassing, requestFaultIn } from "./boot-words.ts"

const daemon = "Error response from daemon: "
const oci = "failed to create task for container: failed to create shim task: OCI runtime create failed: "

describe("words that blame the request", () => {
  test.each([
    [`${daemon}manifest for pytorch/pytorch:nope not found: manifest unknown: manifest unknown`, "image"],
    [`${daemon}manifest unknown`, "image"],
    [
      `${daemon}pull access denied for pytroch/pytorch, repository does not exist or may require 'docker login'`,
      "image"
    ],
    [`${daemon}Head "https://ghcr.io/v2/me/train/manifests/latest": denied`, "image"],
    [`${daemon}error from registry: denied\ndenied`, "image"],
    [`${daemon}No such image: pytorch/pytorch:nope`, "image"],
    [`${daemon}invalid reference format`, "image"],
    [`${daemon}invalid reference format: repository name (library/PyTorch) must be lowercase`, "image"],
    [`${daemon}no matching manifest for linux/amd64 in the manifest list entries`, "image"],
    [
      'failed to pull and unpack image "ghcr.io/me/x:1": failed to resolve reference "ghcr.io/me/x:1": not found',
      "image"
    ],
    ['[web-1]: [Warning] [Failed] Failed to pull image "me/x:1": rpc error: code = NotFound desc = not found', "image"],
    ['[web-1]: [Warning] [InspectFailed] Failed to apply default image tag "::": InvalidImageName', "image"],
    [`${daemon}unauthorized: incorrect username or password`, "registry"],
    [`${daemon}Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password`, "registry"],
    [`${daemon}Head "https://ghcr.io/v2/me/x/manifests/1": unauthorized: authentication required`, "registry"],
    [`${daemon}Head "https://ghcr.io/v2/me/x/manifests/1": denied: 403 Forbidden`, "registry"],
    [
      `${oci}runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH`,
      "command"
    ],
    [`${oci}container_linux.go:380: starting container process caused: exec: "/run.sh": permission denied`, "command"],
    [`${oci}unable to start container process: exec: "/run.sh": stat /run.sh: no such file or directory`, "command"],
    ["exec /entrypoint.sh: no such file or directory", "command"],
    ["exec /entrypoint.sh: exec format error", "image"]
  ])("%s", (said, path) => {
    expect(requestFaultIn(said)).toMatchObject({ path })
    expect(isPassing(said)).toBe(false)
  })
})

describe("words that blame the moment or the host", () => {
  test.each([
    `${daemon}Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 8.8.8.8:53: no such host`,
    `${daemon}Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution`,
    `${daemon}Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout`,
    `${daemon}Get "https://registry-1.docker.io/v2/": context deadline exceeded (Client.Timeout exceeded)`,
    `${daemon}read tcp 10.0.0.2:4312->54.1.2.3:443: read: connection reset by peer`,
    `${daemon}manifest for me/x:1 not found: net/http: request canceled while waiting for connection`,
    `${daemon}toomanyrequests: You have reached your pull rate limit: authentication required to raise it`,
    `${daemon}error pulling image configuration: download failed after attempts=6: dial tcp: i/o timeout`
  ])("%s", (said) => {
    expect(isPassing(said)).toBe(true)
    expect(requestFaultIn(said)).toBeNull()
  })

  test.each([
    `${daemon}${oci}could not apply required modification to OCI specification: error modifying OCI spec: failed to inject CDI devices: unresolvable CDI devices`,
    `${daemon}${oci}error running hook: nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: no such file or directory`,
    "failed to register layer: write /usr/lib/libcuda.so: no such file or directory: no space left on device",
    "success, running pytorch_pytorch/ssh",
    "Pulling image pytorch/pytorch: 3 of 12 layers",
    "loading",
    ""
  ])("%s blames nobody's request", (said) => expect(requestFaultIn(said)).toBeNull())
})

test("a cloud's own words go before the common ones", () => {
  const own = [{ words: /E1042/, path: "command", problem: "is refused" } as const]
  expect(requestFaultIn("E1042: manifest unknown", own)).toEqual({ path: "command", problem: "is refused" })
})
