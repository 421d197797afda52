/*
 * The floor under every figure: one GET, then nothing but recv and pwrite through one buffer of 1 MiB.
 * raw-recv PORT PATH FILE [fsync]     the server is on 127.0.0.1 and must answer 200 with a Content-Length
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1024 * 1024];

static int fail(const char *what) {
  perror(what);
  return 1;
}

static int put(int file, const char *bytes, size_t length, off_t offset) {
  while (length > 0) {
    ssize_t written = pwrite(file, bytes, length, offset);
    if (written < 0) return -1;
    bytes += written;
    length -= (size_t)written;
    offset += written;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 4) return fprintf(stderr, "usage: raw-recv PORT PATH FILE [fsync]\n"), 2;

  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) < 0) return fail("connect");

  char request[1024];
  int asked = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n", argv[2], argv[1]);
  if (asked >= (int)sizeof request || send(server, request, (size_t)asked, 0) != asked) return fail("send");

  size_t have = 0;
  char *body = NULL;
  while (body == NULL) {
    ssize_t got = recv(server, buffer + have, sizeof buffer - have, 0);
    if (got <= 0) return fail("response head");
    have += (size_t)got;
    char *end = memmem(buffer, have, "\r\n\r\n", 4);
    if (end != NULL) body = end + 4;
  }
  char *length = memmem(buffer, (size_t)(body - buffer), "\r\nContent-Length: ", 18);
  if (strncmp(buffer, "HTTP/1.1 200 ", 13) != 0 || length == NULL) return fprintf(stderr, "not a plain answer\n"), 1;
  off_t total = (off_t)strtoll(length + 18, NULL, 10);

  int file = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return fail(argv[3]);
  off_t done = (off_t)(buffer + have - body);
  if (put(file, body, (size_t)done, 0) < 0) return fail("pwrite");
  while (done < total) {
    ssize_t got = recv(server, buffer, sizeof buffer, 0);
    if (got <= 0) return fail("recv");
    if (put(file, buffer, (size_t)got, done) < 0) return fail("pwrite");
    done += got;
  }
  if (argc > 4 && fsync(file) < 0) return fail("fsync");
  return close(file) < 0 ? fail("close") : 0;
}
