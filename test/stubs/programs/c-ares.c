// ares_getaddrinfo, as gRPC and Envoy use it. See README.md for the lines read and written.
#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>

static double start_ms;

static double now_ms(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int print_status(int status)
{
  printf("%.3f", now_ms() - start_ms);
  if (status == ARES_ENOTFOUND || status == ARES_ENODATA) printf(" none");
  else if (status != ARES_SUCCESS) printf(" !ARES%d", status);
  return status == ARES_SUCCESS;
}

static void on_addresses(void *unused, int status, int timeouts, struct ares_addrinfo *found)
{
  (void)unused, (void)timeouts;
  char text[INET6_ADDRSTRLEN];
  if (!print_status(status)) return;
  for (struct ares_addrinfo_node *node = found->nodes; node; node = node->ai_next) {
    const void *address = node->ai_family == AF_INET6
      ? (void *)&((struct sockaddr_in6 *)node->ai_addr)->sin6_addr
      : (void *)&((struct sockaddr_in *)node->ai_addr)->sin_addr;
    printf(" %s", inet_ntop(node->ai_family, address, text, sizeof text));
  }
  ares_freeaddrinfo(found);
}

static void on_names(void *unused, int status, int timeouts, struct hostent *found)
{
  (void)unused, (void)timeouts;
  if (!print_status(status)) return;
  for (char **alias = found->h_aliases; *alias; alias++) printf(" %s", *alias);
  if (!*found->h_aliases) printf(" %s", found->h_name);
}

static void look_up(ares_channel channel, const char *kind, const char *subject)
{
  struct in_addr four;
  struct in6_addr six;
  struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  if (strcmp(kind, "ipv4") == 0) hints.ai_family = AF_INET;
  if (strcmp(kind, "ipv6") == 0) hints.ai_family = AF_INET6;
  if (strcmp(kind, "reverse") != 0) ares_getaddrinfo(channel, subject, NULL, &hints, on_addresses, NULL);
  else if (inet_pton(AF_INET, subject, &four) == 1)
    ares_gethostbyaddr(channel, &four, sizeof four, AF_INET, on_names, NULL);
  else if (inet_pton(AF_INET6, subject, &six) == 1)
    ares_gethostbyaddr(channel, &six, sizeof six, AF_INET6, on_names, NULL);
}

static void wait_for_reply(ares_channel channel)
{
  for (;;) {
    fd_set readable, writable;
    struct timeval timeout;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    int count = ares_fds(channel, &readable, &writable);
    if (count == 0) return;
    select(count, &readable, &writable, NULL, ares_timeout(channel, NULL, &timeout));
    ares_process(channel, &readable, &writable);
  }
}

int main(void)
{
  ares_channel channel;
  char kind[16], subject[1025];
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS || ares_init(&channel) != ARES_SUCCESS) return 1;
  while (scanf("%15s %1024s", kind, subject) == 2) {
    start_ms = now_ms();
    look_up(channel, kind, subject);
    wait_for_reply(channel);
    printf("\n");
    fflush(stdout);
  }
  ares_destroy(channel);
  return 0;
}
