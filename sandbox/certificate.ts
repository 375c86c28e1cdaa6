/**
 * Certificate and key of a sandbox with TLS, for localhost, 127.0.0.1, ::1 and host.docker.internal,
 * until 2126. The key is here for everybody to read and guards nothing. Made by:
 *
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 *   -subj '/CN=Capillary sandbox, loopback only' -addext
 *   'subjectAltName=DNS:localhost,DNS:host.docker.internal,IP:127.0.0.1,IP:::1'
 */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIB8zCCAZmgAwIBAgIURl4Zg0iZGky92cCUnafTnTcZRXMwCgYIKoZIzj0EAwIw
KzEpMCcGA1UEAwwgQ2FwaWxsYXJ5IHNhbmRib3gsIGxvb3BiYWNrIG9ubHkwIBcN
MjYxMTI0MTExNjE0WhgPMjEyNjEwMzExMTE2MTRaMCsxKTAnBgNVBAMMIENhcGls
bGFyeSBzYW5kYm94LCBsb29wYmFjayBvbmx5MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEZUuuRhChMUvMhDUDihZEHHs5MlGY/WF2M9ScIUE7FKjT0O7ttKWOJVYw
vSGmFFprrcury/t7lkAMCwlcVYq36aOBmDCBlTAdBgNVHQ4EFgQUsHOrno2gavc+
by6MGFESFOjMX9MwHwYDVR0jBBgwFoAUsHOrno2gavc+by6MGFESFOjMX9MwDwYD
VR0TAQH/BAUwAwEB/zBCBgNVHREEOzA5gglsb2NhbGhvc3SCFGhvc3QuZG9ja2Vy
LmludGVybmFshwR/AAABhxAAAAAAAAAAAAAAAAAAAAABMAoGCCqGSM49BAMCA0gA
MEUCIAS8dGpWVyKS/vK94f3tcnVRFV0hb8NLA5Br09rHvU87AiEAuZjdB8nzHwG6
8Ic4qgObFrBbbeN7M2clIErK5xu7Hyg=
-----END CERTIFICATE-----
`;

export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoNwXbsdPniq+Rsvq
MpN2f8xWkfSni+lS/LTl3fGXa16hRANCAARlS65GEKExS8yENQOKFkQcezkyUZj9
YXYz1JwhQTsUqNPQ7u20pY4lVjC9IaYUWmuty6vL+3uWQAwLCVxVirfp
-----END PRIVATE KEY-----
`;
