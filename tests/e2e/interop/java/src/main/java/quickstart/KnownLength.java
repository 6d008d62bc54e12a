package quickstart;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * Sends each body with its length. The generated client sends a file in chunks, without one, and it is not known
 * whether modules accept that. The body is held in memory meanwhile.
 */
final class KnownLength {
    private KnownLength() {
    }

    /** Replaces a body of unknown length. Use it as the request interceptor of the client. */
    static void set(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        request.bodyPublisher()
                .filter(body -> body.contentLength() < 0)
                .map(KnownLength::read)
                .ifPresent(body -> builder.method(request.method(), HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static byte[] read(HttpRequest.BodyPublisher body) {
        var bytes = HttpResponse.BodySubscribers.ofByteArray();
        body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                bytes.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer piece) {
                bytes.onNext(List.of(piece));
            }

            @Override
            public void onError(Throwable error) {
                bytes.onError(error);
            }

            @Override
            public void onComplete() {
                bytes.onComplete();
            }
        });
        return bytes.getBody().toCompletableFuture().join();
    }
}
