/** Certificates that nobody trusts, all of one key, for servers of tests on this machine. */
export const certificates = {
  /** Its key, which opens nothing. */
  key: [
    "-----BEGIN PRIVATE KEY-----",
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6DXwxhg/UdOCVAWW",
    "zhTLdWzvwFmnV9XqDKlU3ejPSwChRANCAARvFH9BHDOZ6Wli4sShCNLINgTRAnRm",
    "PvSUqOPaP1xUdYWoFQmkkzjKmXnF7J2G/7BYh4y3Uebk5lCPW7TrA5/o",
    "-----END PRIVATE KEY-----"
  ].join("\n"),
  /** Of 127.0.0.1, until 2120. */
  here: [
    "-----BEGIN CERTIFICATE-----",
    "MIIBQTCB56ADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBGhlcmUwIBcN",
    "MjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBGhlcmUw",
    "WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARvFH9BHDOZ6Wli4sShCNLINgTRAnRm",
    "PvSUqOPaP1xUdYWoFQmkkzjKmXnF7J2G/7BYh4y3Uebk5lCPW7TrA5/oozIwMDAP",
    "BgNVHREECDAGhwR/AAABMB0GA1UdDgQWBBSEoCkXOlnZWhetyb4JdTOYT6ulHjAK",
    "BggqhkjOPQQDAgNJADBGAiEAigdgTLjuei27JkDDxG3Jl1Z8oFm3AlFP6ySDZxX0",
    "6WsCIQD1sf6xdAUVx6L4sK7nImpdjr8gv56tPl1sVGElm7iMKA==",
    "-----END CERTIFICATE-----"
  ].join("\n"),
  /** Of another host. */
  elsewhere: [
    "-----BEGIN CERTIFICATE-----",
    "MIIBVTCB+6ADAgECAgECMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWVsc2V3aGVy",
    "ZTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ",
    "ZWxzZXdoZXJlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbxR/QRwzmelpYuLE",
    "oQjSyDYE0QJ0Zj70lKjj2j9cVHWFqBUJpJM4ypl5xeydhv+wWIeMt1Hm5OZQj1u0",
    "6wOf6KM8MDowGQYDVR0RBBIwEIIOZWxzZXdoZXJlLnRlc3QwHQYDVR0OBBYEFISg",
    "KRc6WdlaF63Jvgl1M5hPq6UeMAoGCCqGSM49BAMCA0kAMEYCIQC5Cax6QAG/iilx",
    "9EwOfZTXQbbYls58/ErvvkB2+h71cAIhAMpjd1LXqoeFH8QVjed4UEY+pkgwG517",
    "Xv5xWGA1Pxll",
    "-----END CERTIFICATE-----"
  ].join("\n"),
  /** Of 127.0.0.1, until 2021. */
  old: [
    "-----BEGIN CERTIFICATE-----",
    "MIIBPDCB46ADAgECAgEDMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMMA29sZDAeFw0y",
    "MDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMA4xDDAKBgNVBAMMA29sZDBZMBMG",
    "ByqGSM49AgEGCCqGSM49AwEHA0IABG8Uf0EcM5npaWLixKEI0sg2BNECdGY+9JSo",
    "49o/XFR1hagVCaSTOMqZecXsnYb/sFiHjLdR5uTmUI9btOsDn+ijMjAwMA8GA1Ud",
    "EQQIMAaHBH8AAAEwHQYDVR0OBBYEFISgKRc6WdlaF63Jvgl1M5hPq6UeMAoGCCqG",
    "SM49BAMCA0gAMEUCIQCjuOg6ChnaeZiSZUn/FKMpgzblcVHyyBms1laQqC25ogIg",
    "S0tMXN/soCPbqFZJoMAFIQFXmt3kS2etMQhrccVio9Y=",
    "-----END CERTIFICATE-----"
  ].join("\n")
} as const
