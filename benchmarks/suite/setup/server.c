/* The server of the benchmark: it sends prepared responses, at a cost that is small and constant.
 *
 *     server RESULT PICTURE BACKUP
 *
 * RESULT is the JSON body of get_result, PICTURE the JPEG of get_image. BACKUP is the file that the server sends
 * for a download of any name, and that it compares an upload with. The server listens on 127.0.0.1, prints its
 * port, and runs a thread for each connection. It counts an upload and discards it inside the kernel, unless a
 * client requested a comparison, byte by byte:
 *
 *     POST /bench/compare_next    compare the next upload
 *     GET  /bench/uploads         {"uploads": all uploads, "compared": those compared, "equal": those equal}
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_HEAD 16384
#define MAX_PART_HEAD 4096
#define CHUNK_SIZE (256 * 1024)

struct content {
    int file;
    size_t size;
    char *bytes;
};

struct connection {
    int socket;
    size_t received;             /* bytes in `buffer` that are not processed yet */
    char buffer[MAX_HEAD];
};

static struct content result, picture, backup;
static char *result_response, *picture_response;
static size_t result_response_size, picture_response_size;
static atomic_int compare_next, uploads, compared, equal;

static void fail(const char *why) {
    perror(why);
    exit(2);
}

static struct content open_content(const char *path) {
    struct content content;
    struct stat status;
    content.file = open(path, O_RDONLY);
    if (content.file < 0 || fstat(content.file, &status) < 0) fail(path);
    content.size = status.st_size;
    content.bytes = mmap(NULL, content.size, PROT_READ, MAP_SHARED | MAP_POPULATE, content.file, 0);
    if (content.bytes == MAP_FAILED) fail(path);
    return content;
}

static char *build_response(const struct content *content, const char *type, size_t *size) {
    char *response = malloc(256 + content->size);
    int head = snprintf(response, 256, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", type,
                        content->size);
    memcpy(response + head, content->bytes, content->size);
    *size = head + content->size;
    return response;
}

static int send_all(int to, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t sent = send(to, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) return -1;
        bytes += sent;
        size -= sent;
    }
    return 0;
}

static int send_json(int to, const char *status, const char *json) {
    char response[512];
    int size = snprintf(response, sizeof response,
                        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", status,
                        strlen(json), json);
    return send_all(to, response, size);
}

static int send_backup(int to) {
    char head[256];
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n",
                        backup.size);
    off_t from = 0;
    if (send(to, head, size, MSG_NOSIGNAL | MSG_MORE) != size) return -1;
    while ((size_t)from < backup.size)
        if (sendfile(to, backup.file, &from, backup.size - from) <= 0) return -1;
    return 0;
}

/* Discards `size` bytes of a request's body; the first ones may be in the buffer already. */
static int discard(struct connection *connection, size_t size) {
    size_t buffered = size < connection->received ? size : connection->received;
    connection->received -= buffered;
    memmove(connection->buffer, connection->buffer + buffered, connection->received);
    size -= buffered;
    while (size > 0) {
        /* With MSG_TRUNC, TCP discards the bytes without a copy. */
        ssize_t count = recv(connection->socket, NULL, size < (1 << 30) ? size : (1 << 30), MSG_TRUNC);
        if (count <= 0) return -1;
        size -= count;
    }
    return 0;
}

/* Compares the only file of a multipart form with the backup. */
static int compare(struct connection *connection, size_t size, int *is_equal) {
    char *form = malloc(size);
    size_t count = size < connection->received ? size : connection->received;
    int failed = 0;
    if (form == NULL) return -1;
    memcpy(form, connection->buffer, count);
    connection->received -= count;
    memmove(connection->buffer, connection->buffer + count, connection->received);
    while (count < size && !failed) {
        ssize_t more = recv(connection->socket, form + count, size - count < CHUNK_SIZE ? size - count : CHUNK_SIZE, 0);
        if (more <= 0) failed = 1;
        else count += more;
    }
    size_t searched = size < MAX_PART_HEAD ? size : MAX_PART_HEAD;
    char *file = failed ? NULL : memmem(form, searched, "\r\n\r\n", 4);
    *is_equal = 0;
    if (file != NULL && (size_t)(form + size - (file + 4)) > backup.size + 4) {
        file += 4;
        *is_equal = memcmp(file, backup.bytes, backup.size) == 0 && memcmp(file + backup.size, "\r\n--", 4) == 0;
    }
    free(form);
    return failed ? -1 : 0;
}

static int receive_upload(struct connection *connection, long length) {
    int is_equal = 0;
    if (length < 0) {
        send_json(connection->socket, "411 Length Required", "{\"code\":-6213,\"data\":null}");
        return -1;
    }
    if (atomic_exchange(&compare_next, 0)) {
        if (compare(connection, length, &is_equal) < 0) return -1;
        compared++;
        equal += is_equal;
    } else if (discard(connection, length) < 0) {
        return -1;
    }
    uploads++;
    return send_json(connection->socket, "200 OK", "{\"code\":0,\"data\":null}");
}

static int send_uploads(int to) {
    char json[128];
    snprintf(json, sizeof json, "{\"uploads\":%d,\"compared\":%d,\"equal\":%d}", uploads, compared, equal);
    return send_json(to, "200 OK", json);
}

static int starts_with(const char *head, const char *start) { return strncmp(head, start, strlen(start)) == 0; }

static int respond(struct connection *connection, const char *head, long length) {
    int to = connection->socket;
    if (starts_with(head, "POST /api/start_restore ")) return receive_upload(connection, length);
    if (length > 0 && discard(connection, length) < 0) return -1;
    if (starts_with(head, "POST /api/get_result ")) return send_all(to, result_response, result_response_size);
    if (starts_with(head, "POST /api/get_image ")) return send_all(to, picture_response, picture_response_size);
    if (starts_with(head, "GET /download/")) return send_backup(to);
    if (starts_with(head, "GET /bench/uploads ")) return send_uploads(to);
    if (starts_with(head, "POST /bench/compare_next ")) {
        compare_next = 1;
        return send_json(to, "200 OK", "{}");
    }
    return send_json(to, "404 Not Found", "{\"code\":-6117,\"data\":null}");
}

static long content_length(const char *head) {
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, "content-length:", 15) == 0) return atol(line + 17);
    return -1;
}

static void *serve(void *argument) {
    struct connection *connection = argument;
    char head[MAX_HEAD + 1];
    for (;;) {
        char *end = memmem(connection->buffer, connection->received, "\r\n\r\n", 4);
        if (end == NULL) {
            if (connection->received == MAX_HEAD) break;
            ssize_t count =
                recv(connection->socket, connection->buffer + connection->received, MAX_HEAD - connection->received, 0);
            if (count <= 0) break;
            connection->received += count;
            continue;
        }
        size_t size = end + 4 - connection->buffer;
        memcpy(head, connection->buffer, size);
        head[size] = 0;
        connection->received -= size;
        memmove(connection->buffer, connection->buffer + size, connection->received);
        if (respond(connection, head, content_length(head)) < 0) break;
    }
    close(connection->socket);
    free(connection);
    return NULL;
}

int main(int count, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int yes = 1;
    if (count != 4) {
        fprintf(stderr, "usage: server RESULT PICTURE BACKUP\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* end with the benchmark, even if it is killed */
    signal(SIGPIPE, SIG_IGN);
    result = open_content(arguments[1]);
    picture = open_content(arguments[2]);
    backup = open_content(arguments[3]);
    result_response = build_response(&result, "application/json", &result_response_size);
    picture_response = build_response(&picture, "image/jpeg", &picture_response_size);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 128) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        fail("listening on 127.0.0.1");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        pthread_t thread;
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL) fail("memory");
        connection->socket = accept(listener, NULL, NULL);
        if (connection->socket < 0) fail("accept");
        setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (pthread_create(&thread, NULL, serve, connection) != 0) fail("thread");
        pthread_detach(thread);
    }
}
