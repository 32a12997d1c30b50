/** What `slicedns -help` prints. */
export const HELP = `slicedns: DNS for Kubernetes Services, from manifests or a Corefile

Usage:
  slicedns                       serve as ./Corefile says
  slicedns -conf FILE            serve as that Corefile says
  slicedns FOLDER…               serve folders of manifests on 127.0.0.1:1053
  slicedns -                     serve manifests from standard input
  slicedns query NAME [TYPE] [@server[:port]] [+tcp +short +json]
                                 ask a server and explain the answer
  slicedns check FOLDER… [--json]
                                 list what would not resolve, and why

Flags (one or two dashes):
  -conf FILE       the Corefile; \`stdin\` reads it from standard input
  -dns.port PORT   port of server blocks that name none (also -p; default 53, for folders 1053)
  -pidfile FILE    write the process id there
  -plugins         list the directives and exit
  -quiet           print nothing at start
  -version         print the version and exit
`
