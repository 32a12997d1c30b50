// getaddrinfo and getnameinfo of the C library that this is built with. See README.md for the lines read and written.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#ifndef EAI_NODATA
#define EAI_NODATA -5
#endif

static double now_ms(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void print_error(int error)
{
  if (error == EAI_NONAME || error == EAI_NODATA) printf(" none");
  else printf(" !EAI%d", error);
}

static void print_addresses(const struct addrinfo *first)
{
  char text[INET6_ADDRSTRLEN];
  for (const struct addrinfo *entry = first; entry; entry = entry->ai_next) {
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
      printf(" %s", text);
  }
}

static void look_up(const char *name, int family)
{
  struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  double start = now_ms();
  int error = getaddrinfo(name, NULL, &hints, &found);
  printf("%.3f", now_ms() - start);
  if (error) print_error(error);
  else print_addresses(found);
  if (found) freeaddrinfo(found);
}

static void look_up_address(const char *address)
{
  struct sockaddr_in four = {.sin_family = AF_INET};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6};
  int is_ipv6 = strchr(address, ':') != NULL;
  if (is_ipv6) inet_pton(AF_INET6, address, &six.sin6_addr);
  else inet_pton(AF_INET, address, &four.sin_addr);
  const struct sockaddr *socket_address = is_ipv6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
  socklen_t length = is_ipv6 ? sizeof six : sizeof four;
  char name[1025];
  double start = now_ms();
  int error = getnameinfo(socket_address, length, name, sizeof name, NULL, 0, NI_NAMEREQD);
  printf("%.3f", now_ms() - start);
  if (error) print_error(error);
  else printf(" %s", name);
}

int main(void)
{
  char kind[16], subject[1025];
  while (scanf("%15s %1024s", kind, subject) == 2) {
    if (strcmp(kind, "reverse") == 0) look_up_address(subject);
    else if (strcmp(kind, "ipv4") == 0) look_up(subject, AF_INET);
    else if (strcmp(kind, "ipv6") == 0) look_up(subject, AF_INET6);
    else look_up(subject, AF_UNSPEC);
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
