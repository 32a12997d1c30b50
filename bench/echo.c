/* The floor under every figure: sends each datagram back with the QR bit set (RFC 1035 4.1.1) and does nothing else,
 * in batches of recvmmsg and sendmmsg. What it costs is the kernel's part of a query. Usage: echo PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, DATAGRAM_OCTETS = 1232 };

static unsigned char datagrams[BATCH][DATAGRAM_OCTETS];
static struct sockaddr_in clients[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (argc != 2) return 2;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
    perror("echo");
    return 1;
  }
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      vectors[i] = (struct iovec){.iov_base = datagrams[i], .iov_len = DATAGRAM_OCTETS};
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &clients[i], .msg_namelen = sizeof clients[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int count = recvmmsg(descriptor, messages, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++) {
      vectors[i].iov_len = messages[i].msg_len;
      if (messages[i].msg_len > 2) datagrams[i][2] |= 0x80;
    }
    if (count > 0) sendmmsg(descriptor, messages, (unsigned)count, 0);
  }
}
