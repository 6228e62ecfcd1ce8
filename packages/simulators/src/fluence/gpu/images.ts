/** A default image of containers. Shapes of `expose` and `environment` are those of a deployment: the documents give no example. */
export interface DefaultImage {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly image: string
  readonly expose: ReadonlyArray<{ readonly port: string; readonly protocol: string }>
  readonly environment: ReadonlyArray<{ readonly name: string; readonly value: string }>
  readonly startup_command: string | null
  readonly requires_ssh: boolean | null
}

/** The default images; the first has the image of the documented deployment. Source: Fluence docs, Deploy an instance, default images. */
export const defaultImages: readonly DefaultImage[] = [
  {
    slug: "debian-ssh-11",
    name: "Debian SSH 11",
    description: "Debian 11 with an SSH server",
    image: "docker.io/fluencelabs/debian-ssh-root:11",
    expose: [{ port: "22", protocol: "tcp" }],
    environment: [],
    startup_command: null,
    requires_ssh: true
  },
  {
    slug: "jupyter",
    name: "Jupyter",
    description: null,
    image: "quay.io/jupyter/base-notebook:latest",
    expose: [{ port: "8888", protocol: "tcp" }],
    environment: [{ name: "JUPYTER_PORT", value: "8888" }],
    startup_command: "start-notebook.py --ip 0.0.0.0",
    requires_ssh: null
  }
]
