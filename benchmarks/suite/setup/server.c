/* The module of the benchmark: answers with what was prepared, at a cost that is small and always the same.
 *
 *     server RESULT PICTURE BACKUP
 *
 * RESULT is the JSON that get_result answers, PICTURE the JPEG of get_image, BACKUP the file that can be
 * downloaded under any name, and that an upload is compared with. Listens on 127.0.0.1 and prints its port.
 * One thread for each connection. An upload is counted and thrown away inside the kernel, unless it was asked
 * to be compared, byte for byte:
 *
 *     POST /bench/compare_next    the next upload will be compared
 *     GET  /bench/uploads         {"uploads": how many came, "compared": how many were, "equal": how many of those}
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

#define LARGEST_HEAD 16384
#define LARGEST_PART_HEAD 4096
#define PIECE (256 * 1024)

struct content {
    int file;
    size_t size;
    char *bytes;
};

struct connection {
    int socket;
    size_t held;                 /* bytes in `buffer` that belong to no request yet */
    char buffer[LARGEST_HEAD];
};

static struct content result, picture, backup;
static char *result_answer, *picture_answer;
static size_t result_answer_size, picture_answer_size;
static atomic_int compare_next, uploads, compared, equal;

static void stop(const char *why) {
    perror(why);
    exit(2);
}

static struct content open_content(const char *path) {
    struct content content;
    struct stat status;
    content.file = open(path, O_RDONLY);
    if (content.file < 0 || fstat(content.file, &status) < 0) stop(path);
    content.size = status.st_size;
    content.bytes = mmap(NULL, content.size, PROT_READ, MAP_SHARED | MAP_POPULATE, content.file, 0);
    if (content.bytes == MAP_FAILED) stop(path);
    return content;
}

static char *whole_answer(const struct content *content, const char *type, size_t *size) {
    char *answer = malloc(256 + content->size);
    int head = snprintf(answer, 256, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", type,
                        content->size);
    memcpy(answer + head, content->bytes, content->size);
    *size = head + content->size;
    return answer;
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
    char answer[512];
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", status,
                        strlen(json), json);
    return send_all(to, answer, size);
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

/* Takes `size` bytes of a request's body, of which the first may be in the buffer already. */
static int throw_away(struct connection *connection, size_t size) {
    size_t here = size < connection->held ? size : connection->held;
    connection->held -= here;
    memmove(connection->buffer, connection->buffer + here, connection->held);
    size -= here;
    while (size > 0) {
        /* TCP drops bytes that are received with MSG_TRUNC without copying them anywhere. */
        ssize_t got = recv(connection->socket, NULL, size < (1 << 30) ? size : (1 << 30), MSG_TRUNC);
        if (got <= 0) return -1;
        size -= got;
    }
    return 0;
}

/* A multipart form's only file, compared with the backup as it comes. */
static int compare(struct connection *connection, size_t size, int *is_equal) {
    char *form = malloc(size);
    size_t got = size < connection->held ? size : connection->held;
    int failed = 0;
    if (form == NULL) return -1;
    memcpy(form, connection->buffer, got);
    connection->held -= got;
    memmove(connection->buffer, connection->buffer + got, connection->held);
    while (got < size && !failed) {
        ssize_t more = recv(connection->socket, form + got, size - got < PIECE ? size - got : PIECE, 0);
        if (more <= 0) failed = 1;
        else got += more;
    }
    size_t searched = size < LARGEST_PART_HEAD ? size : LARGEST_PART_HEAD;
    char *file = failed ? NULL : memmem(form, searched, "\r\n\r\n", 4);
    *is_equal = 0;
    if (file != NULL && (size_t)(form + size - (file + 4)) > backup.size + 4) {
        file += 4;
        *is_equal = memcmp(file, backup.bytes, backup.size) == 0 && memcmp(file + backup.size, "\r\n--", 4) == 0;
    }
    free(form);
    return failed ? -1 : 0;
}

static int take_upload(struct connection *connection, long length) {
    int is_equal = 0;
    if (length < 0) {
        send_json(connection->socket, "411 Length Required", "{\"code\":-6213,\"data\":null}");
        return -1;
    }
    if (atomic_exchange(&compare_next, 0)) {
        if (compare(connection, length, &is_equal) < 0) return -1;
        compared++;
        equal += is_equal;
    } else if (throw_away(connection, length) < 0) {
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

static int asks_for(const char *head, const char *start) { return strncmp(head, start, strlen(start)) == 0; }

static int answer(struct connection *connection, const char *head, long length) {
    int to = connection->socket;
    if (asks_for(head, "POST /api/start_restore ")) return take_upload(connection, length);
    if (length > 0 && throw_away(connection, length) < 0) return -1;
    if (asks_for(head, "POST /api/get_result ")) return send_all(to, result_answer, result_answer_size);
    if (asks_for(head, "POST /api/get_image ")) return send_all(to, picture_answer, picture_answer_size);
    if (asks_for(head, "GET /download/")) return send_backup(to);
    if (asks_for(head, "GET /bench/uploads ")) return send_uploads(to);
    if (asks_for(head, "POST /bench/compare_next ")) {
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
    char head[LARGEST_HEAD + 1];
    for (;;) {
        char *end = memmem(connection->buffer, connection->held, "\r\n\r\n", 4);
        if (end == NULL) {
            if (connection->held == LARGEST_HEAD) break;
            ssize_t got =
                recv(connection->socket, connection->buffer + connection->held, LARGEST_HEAD - connection->held, 0);
            if (got <= 0) break;
            connection->held += got;
            continue;
        }
        size_t size = end + 4 - connection->buffer;
        memcpy(head, connection->buffer, size);
        head[size] = 0;
        connection->held -= size;
        memmove(connection->buffer, connection->buffer + size, connection->held);
        if (answer(connection, head, content_length(head)) < 0) break;
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
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* it ends with the benchmark, however that ends */
    signal(SIGPIPE, SIG_IGN);
    result = open_content(arguments[1]);
    picture = open_content(arguments[2]);
    backup = open_content(arguments[3]);
    result_answer = whole_answer(&result, "application/json", &result_answer_size);
    picture_answer = whole_answer(&picture, "image/jpeg", &picture_answer_size);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 128) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        stop("listening on 127.0.0.1");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        pthread_t thread;
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL) stop("memory");
        connection->socket = accept(listener, NULL, NULL);
        if (connection->socket < 0) stop("accept");
        setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (pthread_create(&thread, NULL, serve, connection) != 0) stop("thread");
        pthread_detach(thread);
    }
}
