package io.millrace.bench.server;

import io.millrace.bench.ProducerSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one would write who only wants events in Kafka: Netty takes a body, each line of it becomes
 * a record, and the answer is sent when Kafka has all of them. Nothing is looked at: no keys, no
 * contract, no limits, no account. {@code NettyCollector PORT KAFKA TOPIC}.
 */
public final class NettyCollector {

  private static final int MAX_BODY_BYTES = 16 << 20;

  private NettyCollector() {}

  public static void main(String[] args) throws Exception {
    var producer = new KafkaProducer<byte[], byte[]>(ProducerSettings.of(args[1]));
    String topic = args[2];
    ChannelFuture end =
        new ServerBootstrap()
            .group(new NioEventLoopGroup())
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
                        .addLast(new Door(producer, topic));
                  }
                })
            .bind("127.0.0.1", Integer.parseInt(args[0]))
            .sync()
            .channel()
            .closeFuture();
    var unused = end.await();
  }

  private static final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    Door(Producer<byte[], byte[]> producer, String topic) {
      this.producer = producer;
      this.topic = topic;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      ByteBuf body = request.content();
      AtomicInteger waiting = new AtomicInteger(1);
      AtomicBoolean failed = new AtomicBoolean();
      while (body.isReadable()) {
        int length = body.bytesBefore((byte) '\n');
        byte[] event = new byte[length < 0 ? body.readableBytes() : length];
        body.readBytes(event);
        body.skipBytes(length < 0 ? 0 : 1);
        waiting.incrementAndGet();
        var unused =
            producer.send(
                new ProducerRecord<>(topic, event),
                (where, problem) -> {
                  failed.compareAndSet(false, problem != null);
                  settle(context, waiting, failed);
                });
      }
      settle(context, waiting, failed);
    }

    private static void settle(
        ChannelHandlerContext context, AtomicInteger waiting, AtomicBoolean failed) {
      if (waiting.decrementAndGet() == 0) {
        FullHttpResponse answer =
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                failed.get() ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.OK,
                Unpooled.EMPTY_BUFFER);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        var unused = context.writeAndFlush(answer); // the client says if it does not come
      }
    }
  }
}
